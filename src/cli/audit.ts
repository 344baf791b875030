/** `fortnight audit verify`: reads the whole chain from the state directory, without the daemon. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { everyRecord, verifyChain, type Anchor } from '../audit/verify.ts';
import { FortnightError } from '../base/errors.ts';
import { createAuditStore } from '../db/audit.ts';
import { openIndexReadOnly } from '../db/open.ts';
import { groupCommand, parseOptions, type Command } from './command.ts';
import { CONFIG_OPTION, CONFIG_USAGE, openConfig } from './open-config.ts';

const verify: Command = {
  name: 'verify',
  summary: 'verify the chain of audit records, and that a head written down earlier is part of it',
  usage: `Usage: fortnight audit verify [--anchor <seq>:<hash> ...] [--json] [--config <file>]

${CONFIG_USAGE}  --anchor         number and hash of a record seen earlier; without one a chain that was cut off at its end or
                   rebuilt as a whole cannot be told from a true one
Ends with 0 when the chain is whole, with 1 and the first bad record otherwise.
`,
  run(args, io) {
    const { values } = parseOptions(args, {
      ...CONFIG_OPTION,
      anchor: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    });
    const path = join(openConfig(values.config).config.stateDir, 'index.db');
    if (!existsSync(path)) throw new FortnightError('not_found', 'there is no index in the state directory');
    const db = openIndexReadOnly(path);
    try {
      const verdict = verifyChain(everyRecord(createAuditStore(db)), values.anchor.map(parseAnchor));
      if (values.json) io.out.write(`${JSON.stringify(verdict)}\n`);
      else if (!verdict.ok) io.out.write(`record ${String(verdict.firstBadSeq)}: ${verdict.fault}\n`);
      else {
        const head = verdict.head === undefined ? 'none' : `${String(verdict.head.seq)}:${verdict.head.hash}`;
        io.out.write(`${String(verdict.records)} records, the chain is whole\nhead ${head}\n`);
      }
      return Promise.resolve(verdict.ok ? 0 : 1);
    } finally {
      db.close();
    }
  },
};

export const command = groupCommand('audit', 'verify the audit', [verify]);

function parseAnchor(text: string): Anchor {
  const m = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (m === null) {
    throw new FortnightError(
      'usage',
      'an anchor is <seq>:<hash>, as `fortnight audit verify` prints its head',
    );
  }
  return { seq: Number(m[1]), hash: m[2] ?? '' };
}
