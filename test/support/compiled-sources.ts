import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/runtime/package-files.ts';

/**
 * Compiles source files, named from the package root, and what they import; gives the folder that stands for the root.
 * For tests that need a real second process: Node 20 runs no TypeScript. It lies inside the package so that imports of
 * packages resolve.
 */
export async function compileSources(files: readonly string[]): Promise<string> {
  const root = packageRoot();
  const out = await mkdtemp(join(root, 'node_modules', '.naru-compiled-'));
  const settings = ['--noCheck', '--target', 'es2023', '--module', 'nodenext', '--types', 'node', '--rootDir', root];
  await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '--ignoreConfig',
      ...settings,
      '--rewriteRelativeImportExtensions',
      '--outDir',
      out,
      ...files.map((file) => join(root, file)),
    ],
    { cwd: root },
  );
  return out;
}
