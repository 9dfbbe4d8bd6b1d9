import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { TaskFailure } from '@orderlines/plugin-sdk';

/** Which addresses tasks may call: networks (`10.0.0.0/8`), addresses, host names, or `*.example.org`. */
export interface AddressSettings {
  /** When it is not empty, only these. */
  readonly allow: readonly string[];
  /** Never these, whatever is allowed. */
  readonly deny: readonly string[];
}

/** The metadata services of clouds hand out credentials to whoever runs on the machine; nothing else lives on these networks. */
export const DEFAULT_DENIED = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254', '64:ff9b::a9fe:0/112', 'metadata.google.internal'];

/** Decides for host names and for the addresses they resolve to, so that a name cannot lead to a forbidden address. */
export class AddressRules {
  private readonly allow: Rules;
  private readonly deny: Rules;

  constructor(settings: AddressSettings) {
    this.allow = new Rules(settings.allow);
    this.deny = new Rules(settings.deny);
  }

  /** Throws a {@link TaskFailure} when the host itself is forbidden. */
  checkHost(host: string): void {
    const name = host.replace(/^\[|\]$/g, '');
    if (isIP(name) !== 0) this.checkAddress(name, name);
    else if (this.deny.hasName(name)) throw forbidden(name);
  }

  /** A DNS lookup for `http.request` that gives only addresses that were checked. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '');
      try {
        for (const { address } of addresses) this.checkAddress(hostname, address);
      } catch (failure) {
        return callback(failure as NodeJS.ErrnoException, '');
      }
      const [first] = addresses;
      if (options.all === true) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    });
  };

  private checkAddress(host: string, address: string): void {
    const allowed = this.allow.isEmpty || this.allow.hasName(host) || this.allow.hasAddress(address);
    if (!allowed || this.deny.hasAddress(address)) throw forbidden(host, address);
  }
}

const forbidden = (host: string, address = host) =>
  new TaskFailure(
    'user',
    `Tasks of this worker may not call ${host}${address === host ? '' : ` (${address})`}: see ORDERLINES_HTTP_ALLOW and ORDERLINES_HTTP_DENY`,
    {
      code: 'http.forbidden',
    },
  );

class Rules {
  readonly isEmpty: boolean;
  private readonly names = new Set<string>();
  private readonly domains: string[] = [];
  private readonly networks = new BlockList();

  constructor(rules: readonly string[]) {
    this.isEmpty = rules.length === 0;
    for (const rule of rules) this.add(rule.trim().toLowerCase());
  }

  hasName(host: string): boolean {
    const name = host.toLowerCase().replace(/\.$/, '');
    return this.names.has(name) || this.domains.some((domain) => name.endsWith(domain));
  }

  hasAddress(address: string): boolean {
    return this.networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }

  private add(rule: string): void {
    const [address = '', bits] = rule.split('/');
    const family = isIP(address);
    if (family !== 0)
      this.networks.addSubnet(address, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), family === 6 ? 'ipv6' : 'ipv4');
    else if (rule.startsWith('*.')) this.domains.push(rule.slice(1));
    else this.names.add(rule);
  }
}
