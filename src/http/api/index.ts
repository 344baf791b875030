/** The messages of the API; the page imports types from here and nothing else of the server. */
export * from './schemas.ts';
