// Stands in for the collector inside the builder's preview: the widget's calls end here, and nothing leaves the page.
const asked = JSON.parse(document.getElementById("asked").textContent);

globalThis.fetch = async (address, { method = "GET" } = {}) => {
  if (method === "GET") return Response.json(asked);
  const isAnswer = String(address).endsWith("/responses");
  return Response.json({}, { status: isAnswer ? 201 : 202 });
};
