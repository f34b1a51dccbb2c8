// For typedoc: the pages of the site are those that docs/README.md leads to, in its order and under its headings. A page is
// called what it is called there, and its address comes from its file.
import { readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Converter, PageEvent, StructureRouter } from "typedoc";

const root = fileURLToPath(new URL("..", import.meta.url));
const index = "docs/README.md";

/** The pages in order: each with the words of its link and the heading above. */
function pages() {
  const found = new Map([[index, { title: "By task", group: "Start" }]]);
  let group;
  const parts = /^## (.+)$|\[([^\]]+)\]\(([^)#]+\.md)\)/gm;
  for (const [, heading, title, target] of readFileSync(join(root, index), "utf8").matchAll(parts)) {
    if (heading !== undefined) group = heading;
    else if (group !== undefined) found.set(join(dirname(index), target), { title, group });
  }
  return found;
}

function address(file) {
  if (file.startsWith("examples/"))
    return `examples/${file === "examples/README.md" ? "index" : basename(dirname(file))}`;
  return file === index ? "guide/index" : `guide/${basename(file, ".md").toLowerCase()}`;
}

class SiteRouter extends StructureRouter {
  getIdealBaseName(reflection) {
    return reflection.isDocument() ? address(fileOf(reflection)) : super.getIdealBaseName(reflection);
  }
}

function fileOf(document) {
  return relative(root, document.project.files.getReflectionPath(document));
}

export function load(app) {
  const found = pages();
  app.renderer.defineRouter("site", SiteRouter);
  app.on("bootstrapEnd", () => {
    app.options.setValue("projectDocuments", [...found.keys()]);
    app.options.setValue("groupOrder", [
      ...new Set([...found.values()].map(({ group }) => group)),
      "API reference",
      "*",
    ]);
  });
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const { title, group } = found.get(fileOf(document));
    document.name = title;
    document.frontmatter.group = group;
  });
  // A link to the README is one to the folder, which is no page where the site is opened as files.
  app.renderer.on(PageEvent.END, (page) => {
    page.contents = page.contents.replaceAll(/<a href="((?:\.\.?\/)+)"/g, '<a href="$1index.html"');
  });
}
