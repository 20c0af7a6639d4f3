import { address } from "./collector.ts";
import { h } from "./dom.ts";
import { panel } from "./panel.ts";
import { open } from "./session.ts";
import { source } from "./source.ts";
import { stage } from "./stage.ts";
import { resend } from "./store.ts";
import { dress } from "./style.ts";

/** `<afterword-survey>`: waits for its moment, asks the collector, shows the survey, and leaves no trace. */
export class AfterwordSurvey extends HTMLElement {
  static readonly observedAttributes =
    "token customer key publishable-key touchpoint element mode locale delay after-scroll on-exit score storage collector".split(" ");

  readonly #root = this.attachShadow({ mode: "open" });
  #life: AbortController | undefined;

  connectedCallback(): void {
    if (!this.#life) this.#start();
    // A node that was only moved has lost its place in the top layer.
    else this.#root.querySelector<HTMLElement>("[popover]")?.showPopover?.();
  }

  disconnectedCallback(): void {
    setTimeout(() => this.isConnected || this.#end());
  }

  attributeChangedCallback(_name: string, old: string | null, value: string | null): void {
    if (!this.#life || old === value) return;
    this.#end();
    this.#start();
  }

  #start(): void {
    // Until there is something to show, the page's own content stands: a link or form for want of a script.
    this.#root.replaceChildren(h("slot"));
    dress(this.#root);
    this.#life = new AbortController();
    void live(this, this.#root, this.#life.signal);
  }

  #end(): void {
    this.#life?.abort();
    this.#life = undefined;
    this.#root.replaceChildren();
  }
}

/** Run one survey from its moment to its end, or until the signal. */
async function live(element: HTMLElement, root: ShadowRoot, signal: AbortSignal): Promise<void> {
  // A turn of the loop in any case: frameworks set the attributes one by one, some of them after insertion.
  await new Promise((go) => setTimeout(go, +element.getAttribute("delay")! * 1000));
  const mode = element.getAttribute("mode") || "inline";
  if (signal.aborted) return;
  resend(element.getAttribute("storage"));
  const query = source(element);
  const base = query && address(element.getAttribute("collector"));
  if (!base) return;
  const leave = await stage(element, mode == "inline", signal);
  const session = await open(base, query, element);
  if (!session || session.over || signal.aborted) return leave();
  panel(element, root, session, mode, signal, leave);
}
