/** Plotly's picture over the server's SVG: Plotly draws it once, then it is patched in place where only numbers change. */

/** @typedef {{data: Plotly.Dict[], layout: Plotly.Dict}} Figure */

const CONFIG = { staticPlot: true, displayModeBar: false };

/** Fetch Plotly's script. The picture is on the page already, so nothing waits for it.
 * @param {string} source
 * @returns {Promise<void>} */
export function loadScript(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error("Plotly could not be loaded"));
    document.head.append(script);
  });
}

export class Plot {
  /** @param {Plotly.PlotElement} root @param {HTMLElement} frame that the picture fills */
  constructor(root, frame) {
    this.root = root;
    this.frame = frame;
    /** The figure that Plotly itself drew last, without patches. @type {Figure | null} */
    this.drawn = null;
    /** The figure that is in Plotly's nodes: drawn, or patched in. @type {Figure | null} */
    this.inNodes = null;
  }

  /** Show a figure: by a patch where its structure is that of the present one.
   * @param {Figure} figure */
  async show(figure) {
    if (this.drawn && alike(this.drawn, figure)) this.patch(figure);
    else await this.draw(figure);
  }

  /** Let Plotly itself draw the figure, so that its state and the picture agree again.
   * @param {Figure} figure */
  async draw(figure) {
    const { root } = this;
    for (const node of root.querySelectorAll(".annotation[transform]")) node.removeAttribute("transform"); // by a patch
    if (this.drawn) await Plotly.react(root, figure.data, figure.layout, CONFIG);
    else await Plotly.newPlot(root, figure.data, figure.layout, CONFIG);
    this.drawn = this.inNodes = figure;
    this.frame.classList.add("drawn");
    this.fit();
  }

  /** Scale the picture to the width that it has. */
  fit() {
    if (!this.drawn) return;
    this.root.style.transform = `scale(${this.frame.clientWidth / this.drawn.layout.width})`;
  }

  /** Put the new texts, places and thicknesses into the nodes that Plotly made. One unit of the axes is one pixel, so
   * that the values of the figure can be written as they are.
   * @param {Figure} figure */
  patch(figure) {
    const { root } = this;
    const [now, was] = [textsOf(figure), textsOf(/** @type {Figure} */ (this.inNodes))];
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
    const places = /** @type {Figure} */ (this.drawn).layout.annotations;
    root.querySelectorAll(".annotation").forEach((node, k) => {
      const { text, x, y } = figure.layout.annotations[k];
      const words = node.querySelector(".annotation-text");
      if (words && words.textContent !== text) words.textContent = text;
      node.setAttribute("transform", `translate(${x - places[k].x},${y - places[k].y})`);
    });
    this.inNodes = figure;
  }
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

/** The k-th piece of text of a figure.
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
