/**
 * The system calls on which the promises about disks rest: what is unlinked, made durable, listed, and reached by
 * descriptor. They are passed in, so that the simulation (docs/design/simulation.md) can run the same code over a
 * kernel of its own that loses what was not made durable.
 */
import * as fs from 'node:fs';

export type FileCalls = Pick<
  typeof fs,
  | 'accessSync'
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'ftruncateSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readSync'
  | 'readdirSync'
  | 'renameSync'
  | 'rmdirSync'
  | 'statSync'
  | 'statfsSync'
  | 'unlinkSync'
  | 'writeSync'
>;

export const systemFiles: FileCalls = fs;
