from kizuna.gates.sanitise_html import sanitise_html


def test_scripts_images_styles_and_odd_links_are_gone() -> None:
    html = (
        '<p onclick="x()" style="color:red">お<b>礼</b></p><script>alert(1)</script><img src=x onerror=y>'
        '<a href="javascript:alert(1)">a</a><a href="https://example.jp/">b</a><svg onload=z>'
    )
    clean = sanitise_html(html=html)
    assert clean == (
        '<p>お<b>礼</b></p><a rel="noopener noreferrer nofollow">a</a>'
        '<a href="https://example.jp/" rel="noopener noreferrer nofollow">b</a>'
    )
