/** What Vue's and Svelte's tables of elements must say of it. */
import type { SvelteHTMLElements } from "svelte/elements";
import type { GlobalComponents } from "vue";
import type {} from "../../types/svelte.js";
import type {} from "../../types/vue.js";

type InVue = InstanceType<GlobalComponents["afterword-survey"]>["$props"];
export const vue: InVue = { token: "abc", mode: "popover" };
export const svelte: SvelteHTMLElements["afterword-survey"] = {
  token: "abc", mode: "sheet", "onafterword:answered": ({ detail }) => detail.complete,
};
// @ts-expect-error: there is no such mode
export const wrong: SvelteHTMLElements["afterword-survey"] = { mode: "window" };
