/** Going over Matroska's blocks by their headers alone: which track, when, and whether a key frame. */
import type { Extent } from '../boxes.ts';
import { elementIfAny, forEachUntilNonsense, uintOf, vint, type Element } from './ebml.ts';
import { ID } from './ids.ts';
import type { Reader } from '../reader.ts';

export interface Block {
  readonly track: number;
  /** On the file's time line, in its own ticks. */
  readonly ticks: number;
  readonly key: boolean;
}

/** Elements inside a block group. */
const MAX_GROUP = 64;

export class BlockWalk {
  readonly #r: Reader;
  readonly #visit: (block: Block) => void;
  #clusterTicks = 0;

  constructor(r: Reader, visit: (block: Block) => void) {
    this.#r = r;
    this.#visit = visit;
  }

  /**
   * Goes over elements one after another, into each cluster without size on the way, until `enough` says so of the
   * next one's place. False when an element is cut or is none: what a preallocated file holds behind the footage, or
   * a lost write left.
   */
  walk(extent: Extent, enough: (at: number) => boolean): boolean {
    const end = Math.min(extent.to, this.#r.sizeBytes);
    for (let at = extent.from; at < end;) {
      this.#r.countFrame();
      const child = elementIfAny(this.#r, at, end);
      if (child === undefined || child.to > end || !this.#take(child)) return false;
      at = child.id === ID.cluster ? child.from : child.to;
      if (enough(at)) return true;
    }
    return true;
  }

  /** False when the element cannot be what it claims: only clusters and segments are written without a size. */
  #take(child: Element): boolean {
    if (child.unknownSize && child.id !== ID.cluster && child.id !== ID.segment) return false;
    if (child.id === ID.timestamp) this.#clusterTicks = uintOf(this.#r, child);
    else if (child.id === ID.simpleBlock) return this.#block(child, undefined);
    else if (child.id === ID.blockGroup) return this.#group(child);
    return true;
  }

  #group(group: Element): boolean {
    let block: Element | undefined;
    let refers = false;
    let sound = true;
    this.#r.counted(MAX_GROUP, () => {
      sound = forEachUntilNonsense(this.#r, group, (child) => {
        if (child.id === ID.block) block = child;
        else if (child.id === ID.referenceBlock) refers = true;
      });
    });
    return (block === undefined || this.#block(block, !refers)) && sound;
  }

  /** `key`: what the group says; a simple block has a flag for it. */
  #block(block: Element, key: boolean | undefined): boolean {
    if (block.to - block.from < 4) return true;
    // A track number of more bytes than the shortest block has would be read beyond it.
    if (this.#r.u8(block.from) < 0x40) return false;
    const track = vint(this.#r, block.from);
    if (track.to + 3 > block.to) return false;
    const relative = (this.#r.u16(track.to) << 16) >> 16;
    const flagged = (this.#r.u8(track.to + 2) & 0x80) !== 0;
    this.#visit({ track: track.value, ticks: this.#clusterTicks + relative, key: key ?? flagged });
    return true;
  }
}
