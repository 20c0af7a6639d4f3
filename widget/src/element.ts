import { live } from "./live.ts";
import { dress } from "./dress.ts";

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
    this.#root.replaceChildren(document.createElement("slot"));
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

const NAME = "afterword-survey";

/** Define the element once, and do nothing where the browser cannot dress or know it. */
export function define(): void {
  if (window.customElements && "adoptedStyleSheets" in document && !customElements.get(NAME)) {
    customElements.define(NAME, AfterwordSurvey);
  }
}
