// Writes the files that a package keeps as a JavaScript object into a folder.
//   node unpack.mjs RESOURCES.js FOLDER
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const [, , resources, folder] = process.argv;

function unpack(tree, where) {
  mkdirSync(where, { recursive: true });
  for (const [name, content] of Object.entries(tree)) {
    const path = `${where}/${name}`;
    if (content instanceof URL) {
      copyFileSync(fileURLToPath(content), path);
    } else if (typeof content === "string" || content instanceof Uint8Array) {
      writeFileSync(path, content);
    } else {
      unpack(content, path);
    }
  }
}

unpack((await import(pathToFileURL(resources))).filesystem, folder);
