import { address } from "./collector.ts";
import { h } from "./dom.ts";
import { panel } from "./panel.ts";
import { open } from "./session.ts";
import { source } from "./source.ts";
import { stage } from "./stage.ts";
import { resend } from "./store.ts";
import { dress } from "./style.ts";
import { moment } from "./timing.ts";

/** `<afterword-survey>`: waits for its moment, asks the collector, shows the survey, and leaves no trace. */
export class AfterwordSurvey extends HTMLElement {
  static readonly observedAttributes = ["token", "customer", "touchpoint"];

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
  const query = source(element);
  const mode = element.getAttribute("mode") || "inline";
  resend(element.getAttribute("storage"));
  if (!query) return;
  await moment(element, mode == "inline", signal);
  const leave = await stage();
  signal.addEventListener("abort", leave);
  const session = signal.aborted
    ? undefined : await open(address(element.getAttribute("collector")), query, element);
  if (!session || session.over || signal.aborted) return leave();
  panel(element, root, session, mode, signal, leave);
}
