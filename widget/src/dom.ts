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
  for (const key in all) if (all[key]) element.setAttribute(key, all[key] as string);
  element.append(...(children.filter(Boolean) as (Node | string)[]));
  return element;
}
