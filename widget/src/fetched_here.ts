/** A part of the widget for the scripts that can show any survey without: by its name, and nothing, where it cannot be had. */
export const fetched = <Part>(base: string, _name: string, file: string): Promise<Part | undefined> =>
  (import(base + "widget/v1." + file) as Promise<Part>).catch(() => undefined);
