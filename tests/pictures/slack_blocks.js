// Reads [{name, kind, surface}] from standard input, and writes [{name, html}]: each surface's blocks as Slack shows them.
const React = require("react");
const { renderToStaticMarkup } = require("react-dom/server");
const { Message } = require("slack-blocks-to-jsx");

const words = (text) => React.createElement("span", null, text ? text.text : "");
const row = (name, ...parts) => React.createElement("div", { className: name }, ...parts);

// The library makes the action the name of the field in HTML, where two groups of radios with one name exclude each other.
const apart = (block) =>
  block.type === "input" ? { ...block, element: { ...block.element, action_id: block.block_id } } : block;

function show({ kind, surface }) {
  const blocks = React.createElement(Message, {
    blocks: surface.blocks.map(apart),
    logo: "",
    name: "Medvirk",
    time: new Date(2027, 0, 4, 12, 0),
    withoutWrapper: true,
  });
  if (kind !== "modal") return row(`surface ${kind}`, blocks);
  return row(
    "surface modal",
    row("bar", words(surface.title)),
    blocks,
    row("foot", row("close", words(surface.close)), surface.submit ? row("submit", words(surface.submit)) : null),
  );
}

async function main() {
  let given = "";
  for await (const chunk of process.stdin.setEncoding("utf-8")) given += chunk;
  const made = JSON.parse(given).map((one) => ({ name: one.name, html: renderToStaticMarkup(show(one)) }));
  process.stdout.write(JSON.stringify(made));
}

main();
