/** The question's source by the element's attributes: an invitation, a known customer, or volunteered feedback. */
export function source(element: Element): URLSearchParams | undefined {
  const [token, customer, key, alias, touchpoint, locale] =
    ["token", "customer", "key", "publishable-key", "touchpoint", "locale"].map((name) => element.getAttribute(name));
  const volunteered = key || alias; // React keeps the attribute `key` for itself
  const query: Record<string, string> | false | "" | null | undefined =
    token ? { token } : customer ? { customer } : volunteered && touchpoint && { key: volunteered, touchpoint };
  if (!query) return;
  const language = locale || (query.key && document.documentElement.lang);
  return new URLSearchParams(language ? { ...query, locale: language } : query);
}
