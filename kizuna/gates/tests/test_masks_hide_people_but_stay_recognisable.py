from kizuna.gates.mask import mask_mail, mask_phone, mask_text


def test_each_mask_hides_the_rest_and_its_length() -> None:
    assert mask_mail(mail="hanako.yamada@example.jp") == "h***@example.jp"
    assert mask_mail(mail="no address") == "***"
    assert mask_phone(phone="０９０-1234-５６７８") == "***5678"
    assert mask_phone(phone="110") == "***"
    assert mask_mail(mail="") == mask_phone(phone="") == ""


def test_free_text_loses_mails_phones_and_cards_only() -> None:
    text = (
        "注文2026-0042の件、090-1234-5678か＋81 90 1234 5678、a.b@docomo.ne.jp へ。カード4242 4242 4242 4242。3,980円。"
    )
    masked = mask_text(text=text)
    assert masked == "注文2026-0042の件、***5678か***5678、a***@docomo.ne.jp へ。カード***。3,980円。"
