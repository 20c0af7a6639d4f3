import { createElement as h, StrictMode, useRef, useState, useEffect } from "react";
import { createRoot } from "react-dom/client";

function Shop() {
  const [order, next] = useState(1);
  const [heard, hear] = useState(0);
  const survey = useRef(null);
  useEffect(() => {
    const one = () => hear((count) => count + 1);
    survey.current.addEventListener("afterword:answered", one);
    return () => survey.current?.removeEventListener("afterword:answered", one);
  }, []);
  return h("main", {},
    h("button", { onClick: () => next(order + 1) }, "next"), h("output", {}, heard),
    h("afterword-survey", { ref: survey, token: `nps.${order}`, mode: "popover" }));
}

createRoot(document.getElementById("root")).render(h(StrictMode, {}, h(Shop)));
