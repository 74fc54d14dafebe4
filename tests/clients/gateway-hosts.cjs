// Stands in for the wildcard DNS record that a real deployment has: names below gateway.localhost are this machine.
// curl and browsers know that of .localhost by themselves; Node asks the resolver, which has never heard of it.
const dns = require('node:dns')

const { lookup } = dns
dns.lookup = (name, ...rest) => lookup(name.endsWith('.gateway.localhost') ? '127.0.0.1' : name, ...rest)
