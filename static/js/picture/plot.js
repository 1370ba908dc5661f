/** Plotly's picture over the server's SVG: drawn once, then patched in place where only numbers change. */

/** @typedef {{data: Plotly.Dict[], layout: Plotly.Dict}} Figure */

const CONFIG = { staticPlot: true, displayModeBar: false };

const root = /** @type {Plotly.PlotElement} */ (document.getElementById("plot"));
const frame = /** @type {HTMLElement} */ (document.getElementById("frame"));

/** The figure that Plotly itself last drew: what has been patched since is not in it. @type {Figure | null} */
let drawn = null;

/** The figure that is in Plotly's nodes: drawn, or patched in. @type {Figure | null} */
let inNodes = null;

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
  for (const node of root.querySelectorAll(".annotation[transform]")) node.removeAttribute("transform"); // by a patch
  if (drawn) await Plotly.react(root, figure.data, figure.layout, CONFIG);
  else await Plotly.newPlot(root, figure.data, figure.layout, CONFIG);
  drawn = inNodes = figure;
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
  return (
    a.layout.width === b.layout.width &&
    a.layout.height === b.layout.height &&
    a.data[0]?.text.length === b.data[0]?.text.length &&
    a.layout.annotations.length === b.layout.annotations.length &&
    names(a) === names(b)
  );
}

/** Put the new texts, places and thicknesses into the nodes that Plotly made. One unit of the axes is one pixel, so
 * that what the figure says can be written as it is.
 * @param {Figure} figure */
function patch(figure) {
  const [now, was] = [textsOf(figure), textsOf(/** @type {Figure} */ (inNodes))];
  root.querySelectorAll(".textpoint > text").forEach((node, k) => {
    const [piece, before] = [now(k), was(k)];
    const { style } = /** @type {SVGTextElement} */ (node);
    if (before.text !== piece.text) node.textContent = piece.text;
    if (before.x !== piece.x) node.setAttribute("x", piece.x);
    if (before.y !== piece.y) node.setAttribute("y", piece.y);
    if (before.anchor !== piece.anchor) node.setAttribute("text-anchor", piece.anchor);
    if (before.size !== piece.size) {
      style.fontSize = `${piece.size}px`;
      node.parentElement?.setAttribute("transform", `translate(0,${piece.size / 4})`); // as Plotly centres it
    }
    if (before.color !== piece.color) {
      style.fill = piece.color;
      style.fillOpacity = ""; // that of a faint one is in the colour
    }
    if (before.family !== piece.family) style.fontFamily = piece.family;
    if (before.weight !== piece.weight) style.fontWeight = piece.weight;
    if (before.style !== piece.style) style.fontStyle = piece.style;
  });
  root.querySelectorAll(".shapelayer path").forEach((node, k) => {
    const shape = figure.layout.shapes[k];
    if (node.getAttribute("d") !== shape.path) node.setAttribute("d", shape.path);
    /** @type {SVGPathElement} */ (node).style.strokeWidth = `${shape.line.width}px`;
  });
  const places = /** @type {Figure} */ (drawn).layout.annotations;
  root.querySelectorAll(".annotation").forEach((node, k) => {
    const { text, x, y } = figure.layout.annotations[k];
    const words = node.querySelector(".annotation-text");
    if (words && words.textContent !== text) words.textContent = text;
    node.setAttribute("transform", `translate(${x - places[k].x},${y - places[k].y})`);
  });
  inNodes = figure;
}

/** What a figure says of its k-th piece of text.
 * @param {Figure} figure
 * @returns {(k: number) => Plotly.Dict} */
function textsOf({ data: [texts = {}] }) {
  const { text, x, y, textposition, textfont } = texts;
  const { size, color, family, weight, style } = textfont;
  return (k) => ({
    text: text[k],
    x: x[k],
    y: y[k],
    anchor: ANCHORS[textposition[k].split(" ")[1]] ?? "middle",
    size: size[k],
    color: color[k],
    family: family[k],
    weight: weight[k],
    style: style[k],
  });
}

/** Where a text is held, by the side of its point at which it stands. @type {Record<string, string>} */
const ANCHORS = { left: "end", right: "start" };
