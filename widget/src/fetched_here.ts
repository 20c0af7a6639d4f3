/** A part of the widget for the one-file script, which has all others at hand; nothing, where it cannot be had. */
export const fetched = <Part>(base: string, name: string): Promise<Part | undefined> =>
  (import(base + "widget/v1." + name + ".js") as Promise<Part>).catch(() => undefined);
