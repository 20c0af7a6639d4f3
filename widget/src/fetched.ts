const parts: Record<string, Promise<unknown>> = {};

/**
 * A part of the widget, from the collector, once: by `import()`, which needs no element that a policy would have to
 * allow and takes the page's nonce along. First this build's own, which is kept for ever; where that fails (a collector
 * of another release, a hiccup), the collector's own. Nothing, where none can be had: the page goes on
 * without, and the next survey tries anew, at an address that the browser does not remember as failed.
 */
export const fetched = <Part>(base: string, name: string, stamp: string) =>
  (parts[name] ??= (import(base + "widget/v1." + stamp) as Promise<unknown>)
    .catch(() => import(base + "widget/v1." + name + ".js?" + Date.now()))
    .catch(() => void delete parts[name])) as Promise<Part | undefined>;
