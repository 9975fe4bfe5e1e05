/** How texts look in a page, for tests. */

/**
 * A script that gives the contrast of every text with its ground, and of every series' colour with the paper, as the
 * guidelines for accessible pages define it: from 1 to 21.
 */
export const LOOKS_OF_TEXT = `(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = parse(colour).map((value) => value / 255)
      .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (parse(backgroundColor)[3] !== 0) return backgroundColor;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() === "" || !element.checkVisibility() || element.closest("title, desc")) continue;
    const style = getComputedStyle(element);
    const colour = element.closest("svg") ? style.fill : style.color;
    texts.push({ what: walker.currentNode.data, contrast: contrast(colour, groundOf(element)) });
  }
  const probe = document.body.appendChild(document.createElement("i"));
  const paper = groundOf(document.body);
  const shapes = [1, 2, 3, 4, 5].map((index) => {
    probe.style.color = "var(--series-" + index + ")";
    return { what: "series " + index, contrast: contrast(getComputedStyle(probe).color, paper) };
  });
  probe.remove();
  return { texts, shapes };
})()`;
