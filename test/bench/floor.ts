/**
 * The floor of indexing: a bare program that walks the tree, opens each file and reads its first and its last 64 KiB
 * (each byte once). Prints the time it took and what it did.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';

const END_BYTES = 64 * 1024;
const buffer = Buffer.allocUnsafeSlow(END_BYTES);
let files = 0;
let bytes = 0;

function walk(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) walk(path);
    else if (entry.isFile()) read(path);
  }
}

function read(path: string): void {
  const fd = openSync(path, 'r');
  const { size } = fstatSync(fd);
  bytes += readSync(fd, buffer, 0, END_BYTES, 0);
  if (size > END_BYTES) bytes += readSync(fd, buffer, 0, END_BYTES, Math.max(END_BYTES, size - END_BYTES));
  closeSync(fd);
  files += 1;
}

const began = performance.now();
walk(process.argv[2] ?? '.');
process.stdout.write(JSON.stringify({ ms: performance.now() - began, files, bytes }));
