import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder: the code runs from the sources and from `dist/`, data files lie in the sources only. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error('package.json of naru was not found above the program');
    folder = above;
  }
  return folder;
}

/** Naru's version, from its package.json. */
export function packageVersion(): string {
  const file: { version: string } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return file.version;
}
