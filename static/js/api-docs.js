// The viewer of the API's description. Same origin: a try-out goes by the session, so it carries the form token.
const root = document.getElementById("api-docs");

async function start() {
  const { csrf } = await (await fetch("/session", { credentials: "same-origin" })).json();
  window.SwaggerUIBundle({
    url: root.dataset.schema,
    domNode: root,
    deepLinking: true,
    displayRequestDuration: true,
    requestInterceptor: (request) => {
      request.headers["X-CSRFToken"] = csrf;
      return request;
    },
  });
}

start();
