import { createApp } from "vue/dist/vue.esm-bundler.js";

const app = createApp({
  data: () => ({ order: 1, heard: 0 }),
  template: `<main>
    <button @click="order++">next</button><output>{{ heard }}</output>
    <afterword-survey :token="'nps.' + order" mode="popover" @afterword:answered="heard++"></afterword-survey>
  </main>`,
});
app.config.compilerOptions.isCustomElement = (tag) => tag === "afterword-survey";
app.mount("#root");
