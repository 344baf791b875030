/** Facts of the world a configuration is checked against: time zones, countries, addresses, ceilings of the law. */
import { BlockList, isIP } from 'node:net';
import { isZone } from '../base/zone.ts';

/** The longest retention, in days, the regulator of a country accepts; others must be configured. */
export const CEILING_DAYS: ReadonlyMap<string, number> = new Map([
  ['NL', 28],
  ['BE', 30],
]);

/** Beyond this the retention owes a written justification (EDPB Guidelines 3/2019). */
export const JUSTIFIED_FROM_HOURS = 72;

/** A zone of the IANA database. Offsets such as +01:00 are none: they know nothing of summer time. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && isZone(name);
}

export function timeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

export function isCountry(code: string): boolean {
  // ZZ is the code of "unknown region".
  return /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && COUNTRY_NAMES.of(code) !== undefined;
}

/** An IP address, or one with a prefix length. */
export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** Whether only this machine can reach a listener on `address`. */
export function isLoopback(address: string): boolean {
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
