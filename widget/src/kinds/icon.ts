/** Draw one path in a 24 by 24 field, in the colour of the text around it. */
export function icon(d: string): SVGElement {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg!.setAttribute("viewBox", "0 0 24 24");
  path!.setAttribute("d", d);
  svg!.append(path!);
  return svg as SVGElement;
}
