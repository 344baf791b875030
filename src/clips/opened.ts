/** A clip's file, opened below its verified root. Whoever gets one closes it. */
export interface OpenedClip {
  readonly fd: number;
  readonly sizeBytes: number;
  readonly ino: bigint;
  readonly mtimeNs: bigint;
  close(): Promise<void>;
}
