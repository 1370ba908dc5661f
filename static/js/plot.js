/** Plotly's picture over the server's SVG: drawn once, then patched in place where only numbers change. */

/** @typedef {{data: Plotly.Dict[], layout: Plotly.Dict}} Figure */

const CONFIG = { staticPlot: true, displayModeBar: false };

const root = /** @type {Plotly.PlotElement} */ (document.getElementById("plot"));
const frame = /** @type {HTMLElement} */ (document.getElementById("frame"));

/** The figure that Plotly itself last drew: what has been patched since is not in it. @type {Figure | null} */
let drawn = null;

/** Fetch Plotly's script, once. The picture is on the page already, so nothing waits for it.
 * @param {string} source
 * @returns {Promise<void>} */
export function load(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("Plotly could not be loaded"));
    document.head.append(script);
  });
}

/** Show a figure in the next frame: by a patch where its structure is that of the present one.
 * @param {Figure} figure */
export async function show(figure) {
  if (drawn && alike(drawn, figure)) patch(figure);
  else await draw(figure);
}

/** Let Plotly itself draw the figure, so that its state and the picture agree again.
 * @param {Figure} figure */
export async function draw(figure) {
  if (drawn) await Plotly.react(root, figure.data, figure.layout, CONFIG);
  else await Plotly.newPlot(root, figure.data, figure.layout, CONFIG);
  drawn = figure;
  frame.classList.add("drawn");
  fit();
}

/** Scale the picture to the width that it has. */
export function fit() {
  if (!drawn) return;
  root.style.transform = `scale(${frame.clientWidth / drawn.layout.width})`;
}

/** @param {Figure} a @param {Figure} b */
function alike(a, b) {
  const names = (/** @type {Figure} */ f) => f.layout.shapes.map((/** @type {Plotly.Dict} */ s) => s.name).join();
  const places = (/** @type {Figure} */ f) =>
    f.layout.annotations.map((/** @type {Plotly.Dict} */ s) => `${s.x} ${s.y}`).join();
  return (
    a.layout.width === b.layout.width &&
    a.layout.height === b.layout.height &&
    a.data[0]?.text.length === b.data[0]?.text.length &&
    a.data[0]?.textposition.join() === b.data[0]?.textposition.join() &&
    a.data[0]?.textfont.color.join() === b.data[0]?.textfont.color.join() &&
    a.data[0]?.textfont.family.join() === b.data[0]?.textfont.family.join() &&
    names(a) === names(b) &&
    places(a) === places(b)
  );
}

/** Put the new texts, places and thicknesses into the nodes that Plotly made. One unit of the axes is one pixel, so
 * that what the figure says can be written as it is.
 * @param {Figure} figure */
function patch(figure) {
  const { text, x, y, textfont } = /** @type {Plotly.Dict} */ (figure.data[0]);
  const before = /** @type {Plotly.Dict} */ (/** @type {Figure} */ (drawn).data[0]);
  root.querySelectorAll(".textpoint > text").forEach((node, k) => {
    if (node.textContent !== text[k]) node.textContent = text[k];
    if (before.x[k] !== x[k] || node.getAttribute("x") !== String(x[k])) node.setAttribute("x", x[k]);
    if (node.getAttribute("y") !== String(y[k])) node.setAttribute("y", y[k]);
    const style = /** @type {SVGTextElement} */ (node).style;
    if (style.fontSize !== `${textfont.size[k]}px`) style.fontSize = `${textfont.size[k]}px`;
  });
  root.querySelectorAll(".shapelayer path").forEach((node, k) => {
    const shape = figure.layout.shapes[k];
    if (node.getAttribute("d") !== shape.path) node.setAttribute("d", shape.path);
    /** @type {SVGPathElement} */ (node).style.strokeWidth = `${shape.line.width}px`;
  });
  root.querySelectorAll(".annotation-text").forEach((node, k) => {
    const words = figure.layout.annotations[k].text;
    if (node.textContent !== words) node.textContent = words;
  });
}
