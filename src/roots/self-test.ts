/** What the service must be able to do on a root, as it was tried. The trying itself is in disk/self-test.ts. */
export type SelfTestCheck =
  | 'create' // make a file in .fortnight
  | 'fsync' // make it durable
  | 'link' // give it a second name (pins of held clips)
  | 'unlink' // remove it
  | 'read_clips' // open footage
  | 'unlink_clips' // remove names from the directories of the recorder
  | 'link_clips'; // pin footage of another user

export interface SelfTestItem {
  readonly check: SelfTestCheck;
  readonly ok: boolean;
  /** What was refused, in words; absent when ok. */
  readonly why?: string;
  /** The command that repairs it, for a shell; absent when ok or when none does. */
  readonly repair?: string;
}

export interface SelfTest {
  /** Wall clock. */
  readonly atMs: number;
  readonly items: readonly SelfTestItem[];
  /** Whether two files can share their content here (reflink): then a copy keeps what is deleted. Null: not tried. */
  readonly clones: boolean | null;
}

/** What was refused. Pins are a convenience (clips that cannot be pinned are copied first): they do not count. */
export function refusedBySelfTest(test: SelfTest): SelfTestItem[] {
  return test.items.filter((item) => !item.ok && item.check !== 'link_clips');
}
