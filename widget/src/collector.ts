/** The calls to the collector. None carries a cookie, none needs a CORS preflight, none ever throws. */

const script = (document.currentScript as HTMLScriptElement | null)?.src;

/** Where the collector stands: the `collector` attribute, else one folder above this very script. */
export const address = (attribute: string | null): string =>
  attribute ? attribute.replace(/\/*$/, "/") : script ? new URL("..", script).href : "/";

/** Call the collector; the response, or nothing where none came. A message outlives the page that sends it. */
export async function call(url: string, message?: object): Promise<Response | undefined> {
  try {
    return await fetch(url, {
      credentials: "omit",
      signal: AbortSignal.timeout(20000),
      // A string body goes as text/plain, which is what keeps the preflight away.
      ...(message && { method: "POST", keepalive: true, body: JSON.stringify(message) }),
    });
  } catch {
    return;
  }
}

/** Whether trying again may help: no answer, too many requests, or the collector's own trouble. */
export const passing = (response: Response | undefined): boolean =>
  !response || response.status == 429 || response.status > 499;
