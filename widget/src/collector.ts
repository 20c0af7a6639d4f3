/** The calls to the collector. None carries a cookie, none needs a CORS preflight, none ever throws. */

// A module or an `import()` has no current script, but a stack that names it. Any other address would be a guess.
const here = ((document.currentScript as HTMLScriptElement | null)?.src + "\n" + new Error().stack)
  .match(/http[^\s()]+\/(?=widget\/v1\b)/)?.[0];

/** Where the collector stands: the `collector` attribute, else one folder above this very script. */
export function address(attribute: string | null): string | undefined {
  if (attribute) return attribute.replace(/\/*$/, "/");
  if (!here) console.warn("afterword-survey: no `collector`");
  return here;
}

/** What the collector said: the status and its JSON. Nothing, where none came or something else answered. */
export type Reply = [status?: number, body?: { code?: string; response_id?: string } | null];

/** Call the collector. A message outlives the page that sends it. */
export async function call(url: string, message?: object): Promise<Reply> {
  const body = message && JSON.stringify(message);
  try {
    const response = await fetch(url, {
      credentials: "omit",
      signal: AbortSignal.timeout(20000),
      // A string body goes as text/plain, which is what keeps the preflight away. A redirect would end at a sign-in page.
      ...(body && { method: "POST", keepalive: true, redirect: "error", body }),
    }).catch(() => plain(url, body));
    // Why nothing is shown: the collector says so to pages on the developer's own machine, and to no others.
    const why = response.headers?.get("afterword-why");
    if (why) console.warn("afterword-survey: " + why);
    return [response.status, response.json ? await response.json() : response.response];
  } catch {
    return [];
  }
}

/** The same call without `fetch`, which a host's monitoring may have wrapped in headers that need a preflight. */
const plain = (url: string, body?: string) =>
  new Promise<Pick<XMLHttpRequest, "status" | "response"> & { headers?: undefined; json?: undefined }>((go) => {
    const request = new XMLHttpRequest();
    request.open(body ? "POST" : "GET", url);
    request.responseType = "json";
    request.onloadend = () => go(request as typeof request & { headers?: undefined; json?: undefined });
    request.send(body);
  });
