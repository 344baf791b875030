/** `fortnight audit`: reads the chain from the state directory, without the daemon. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorText, anchorsIn } from '../audit/checkpoint.ts';
import type { AuditStore } from '../audit/log.ts';
import { everyRecord, verifyChain, type Anchor, type Verdict } from '../audit/verify.ts';
import { counted } from '../base/counted.ts';
import { FortnightError } from '../base/errors.ts';
import { quoted } from '../base/printable.ts';
import { createAuditStore } from '../db/audit.ts';
import { openIndexReadOnly } from '../db/open.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';

const verify: Command = {
  name: 'verify',
  summary: 'verify the chain of audit records, and that heads written down earlier are part of it',
  usage: `Usage: fortnight audit verify [--anchor <seq>:<hash> ...] [--anchors <file> ...] [--json] [--config <file>]

${CONFIG_USAGE}  --anchor         number and hash of a record seen earlier; without one a chain that was cut off at its end or
                   rebuilt as a whole cannot be told from a true one
  --anchors        a file kept on another machine: every <seq>:<hash> in it counts, in whatever line it stands (what
                   \`fortnight audit head\` printed, or the service's journal)
Ends with 0 when the chain is whole, with 1 and the first bad record otherwise.
`,
  run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      anchor: { type: 'string', multiple: true, default: [] },
      anchors: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    });
    const anchors = [...values.anchor.map(parseAnchor), ...values.anchors.flatMap(readAnchors)];
    const verdict = withAudit(values.config, (audit) => verifyChain(everyRecord(audit), anchors));
    io.out.write(values.json ? `${JSON.stringify(verdict)}\n` : inWords(verdict, anchors.length));
    return Promise.resolve(verdict.ok ? 0 : 1);
  },
};

const head: Command = {
  name: 'head',
  summary: 'print number and hash of the last record, to be kept on another machine',
  usage: `Usage: fortnight audit head [--config <file>]

${CONFIG_USAGE}Prints one line, <seq>:<hash>: an anchor for \`fortnight audit verify\`. Kept where nobody who can write to this box can
write, it shows whether records were cut off or the whole chain was written anew.
`,
  run(args, io) {
    const { values } = parseOptions(args, CONFIG_OPTION);
    const last = withAudit(values.config, (audit) => audit.head());
    if (last === undefined) throw new FortnightError('not_found', 'there is no record yet');
    io.out.write(`${anchorText({ seq: last.seq, hash: last.hash.toString('hex') })}\n`);
    return Promise.resolve(0);
  },
};

export const command = groupCommand('audit', 'verify the audit', [verify, head]);

/** Throws `not_found` when there is no index yet. */
function withAudit<T>(config: string | undefined, work: (audit: AuditStore) => T): T {
  const path = join(openConfig(config).config.stateDir, 'index.db');
  if (!existsSync(path)) throw new FortnightError('not_found', 'there is no index in the state directory');
  const db = openIndexReadOnly(path);
  try {
    return work(createAuditStore(db));
  } finally {
    db.close();
  }
}

function inWords(verdict: Verdict, anchors: number): string {
  if (!verdict.ok) return `record ${String(verdict.firstBadSeq)}: ${verdict.fault}\n`;
  const { records, unanchored } = verdict;
  const last = verdict.head === undefined ? 'none' : anchorText(verdict.head);
  const tail = anchors === 0 ? 'no anchor was given' : `unanchored tail of ${counted(unanchored, 'record')}`;
  return `${counted(records, 'record')}, the chain is whole; ${tail}\nhead ${last}\n`;
}

function parseAnchor(text: string): Anchor {
  const [anchor] = anchorsIn(text);
  if (anchor !== undefined && anchorText(anchor) === text) return anchor;
  throw new FortnightError('usage', 'an anchor is <seq>:<hash>, as `fortnight audit head` prints it');
}

/** A file without a single anchor is the wrong file: it must not pass for a proof. */
function readAnchors(path: string): Anchor[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new FortnightError('not_found', `the file ${quoted(path)} cannot be read`, { cause: error });
  }
  const anchors = anchorsIn(text);
  if (anchors.length === 0) throw new FortnightError('invalid', `there is no anchor in ${quoted(path)}`);
  return anchors;
}
