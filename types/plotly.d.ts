/** The part of Plotly.js that static/js uses. The figure itself comes from the server, ready-made. */
declare namespace Plotly {
  type Dict = Record<string, any>;

  interface Figure {
    data: Dict[];
    layout: Dict;
  }

  interface PlotElement extends HTMLElement {
    data: Dict[];
    layout: Dict;
  }

  type Root = string | HTMLElement;

  function newPlot(root: Root, data: Dict[], layout?: Dict, config?: Dict): Promise<PlotElement>;
  function react(root: Root, data: Dict[], layout?: Dict, config?: Dict): Promise<PlotElement>;
}

interface Window {
  Plotly: typeof Plotly;
}
