type Attribute = string | number | boolean | null | undefined;

/**
 * Make an element from its class, attributes and children. The class is its `part` too, so that the page may style
 * it; text only ever becomes a text node, so nothing is parsed as markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  name = "",
  attributes: Record<string, Attribute> = {},
  ...children: (Node | string | false | null | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const all: Record<string, Attribute> = { class: name, part: name, ...attributes };
  for (const key in all) if (all[key]) element.setAttribute(key, all[key] + "");
  element.append(...(children.filter(Boolean) as (Node | string)[]));
  return element;
}

/** Draw one path in a 24 by 24 field, in the colour of the text around it. */
export function icon(d: string): SVGElement {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg!.setAttribute("viewBox", "0 0 24 24");
  path!.setAttribute("d", d);
  svg!.append(path!);
  return svg as SVGElement;
}
