// Texts whose contrast to what lies behind them is below WCAG AA (4.5, or 3 for large type): {"where and what": ratio}.
() => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pixel.canvas.width = pixel.canvas.height = 1;
  const known = {};
  const parse = (colour) => {
    if (!known[colour]) {
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
      known[colour] = [r, g, b, a / 255];
    }
    return known[colour];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.backgroundImage.includes("gradient")) { return null; }
      layers.push(parse(style.backgroundColor));
      if (layers[layers.length - 1][3] >= 1) { break; }
    }
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const faint = {};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement, text = texts.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ visibilityProperty: true })) { continue; }
    if (element.closest("script, style, svg, noscript, option, [disabled], [aria-hidden=true], .visually-hidden")) { continue; }
    const back = behind(element);
    if (!back) { continue; }
    const style = getComputedStyle(element);
    let opacity = 1;
    for (let e = element; e; e = e.parentElement) { opacity *= parseFloat(getComputedStyle(e).opacity); }
    const [r, g, b, a] = parse(style.color);
    const levels = [light(over([r, g, b, a * opacity], back)), light(back)].sort((x, y) => y - x);
    const ratio = (levels[0] + 0.05) / (levels[1] + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 2.98 : 4.48)) { faint[`${element.tagName}.${element.className} «${text.slice(0, 24)}»`] = ratio.toFixed(2); }
  }
  return faint;
}
