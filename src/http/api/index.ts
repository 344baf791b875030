/**
 * The messages of the API: one zod schema per message, with its type under the same name. The server validates with
 * them, OpenAPI is generated from them, and the page imports their types and nothing else of the server.
 *
 * Times are UTC milliseconds (`...Ms`); ranges are half open. Unknown fields are refused.
 */
export * from './accounts.ts';
export * from './audit.ts';
export * from './cameras.ts';
export * from './cases.ts';
export * from './clips.ts';
export * from './confirmations.ts';
export * from './holds.ts';
export * from './problem.ts';
export * from './receipts.ts';
export * from './session.ts';
export * from './site.ts';
export * from './status.ts';
export * from './unowned.ts';
