/** Where answers wait beyond the page's life: only where the page allows it, and quiet where the browser does not. */

export const KEPT = "afterword:";

/** Do something with the storage that the attribute allows; one that is full or forbidden is the same as none. */
export function within<T>(attribute: string | null, use: (shelf: Storage) => T): T | undefined {
  try {
    if (attribute != null) return use(attribute == "session" ? sessionStorage : localStorage);
  } catch {
    // The answer stays in memory.
  }
  return;
}

/** Whether earlier pages of this site left an answer behind. */
export function waiting(attribute: string | null): boolean | undefined {
  try {
    return attribute != null && (Object.keys(attribute == "session" ? sessionStorage : localStorage) + "").includes(KEPT);
  } catch {
    return;
  }
}
