# SPDX-License-Identifier: MIT
"""Reads what a scenario left behind: the subscriber's messages, the capture, the gym's log and
truth. Used by each scenario's `verify`, on the host. A check that fails prints its text and ends
with 1."""
import json
import os
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
FOLDER = sys.argv[1] if len(sys.argv) > 1 else '.'
COXA = 'c0a5%04x-9bc6-4808-a8bd-20fbe3fc7d8c'


def check(is_true, text):
    if not is_true:
        print('%s: %s' % (os.path.basename(FOLDER.rstrip('/')), text))
        sys.exit(1)


def lines(name):
    with open(os.path.join(FOLDER, name), encoding='utf-8', errors='replace') as file:
        return file.read().splitlines()


class Message:
    def __init__(self, line):
        time, qos, retain, self.topic, text = (line.split(' ', 4) + [''])[:5]
        self.time, self.qos, self.is_retained = float(time), int(qos), retain == '1'
        self.text = text
        self.payload = json.loads(text) if text.strip() else None
        self.path = self.topic.split('/')[3:]  # below coxa/v1/<site>


def messages():
    """All messages of coxad to others, in order of arrival."""
    found = [Message(line) for line in lines('seen.log') if line.count(' ') >= 3]
    return [m for m in found if m.path and m.path[0] not in ('command', 'radio', 'brain')]


def of_kind(found, kind):
    return [m for m in found if m.path[-1] == kind and m.payload is not None]


def capture():
    return [json.loads(line) for line in lines('heard.coxacap')[1:]]


def truth():
    return json.loads('\n'.join(lines('truth.json')))


def gym(verb):
    """(seconds, words) of the lines with this verb in the gym's log."""
    found = [line.split() for line in lines('gym.log')]
    return [(float(w[0]), w[2:]) for w in found if len(w) > 1 and w[1] == verb]


def notifications(events, address, characteristic):
    """(time, bytes, whether it is the first on a new link)."""
    found, is_new = [], True
    for event in events:
        if event.get('w') != address:
            continue
        is_new = is_new or event['e'] == 'connected'
        if event['e'] == 'notify' and event['c'] == COXA % characteristic:
            found.append((event['t'], bytes.fromhex(event['v']), is_new))
            is_new = False
    return found


def check_order(events, address):
    """No motion packet came twice, or out of order within a link."""
    numbers = []
    for _, value, is_first in notifications(events, address, 4):
        number = value[0] | value[1] << 8
        check(is_first or number > numbers[-1], '%s: packet %d after %s' % (address, number, numbers[-1:]))
        numbers.append(number)
    check(len(numbers) == len(set(numbers)), '%s: a packet came twice' % address)


def check_ready_in_time(addresses):
    """All wearables were subscribed to before the script's first command."""
    first = min([t for t, words in gym('command')], default=1e9)
    for address in addresses:
        ready = [t for t, words in gym('subscribed') if words[0] == address]
        check(ready, '%s was never subscribed to' % address)
        check(min(ready) < first,
              '%s was subscribed to at %.1f s, after the first command at %.1f s: this machine is '
              'too slow for the script' % (address, min(ready), first))


def check_encrypted(addresses):
    for address in addresses:
        check([1 for t, words in gym('encrypted') if words[0] == address],
              'the link of %s was never encrypted' % address)


def check_schemas(found):
    """Checks every payload against the schemas, if python3-jsonschema is installed."""
    try:
        import jsonschema
    except ImportError:
        return
    folder = os.path.join(TOP, 'doc', 'schemas')
    store, validators = {}, {}
    for name in os.listdir(folder):
        if name.endswith('.json'):
            with open(os.path.join(folder, name), encoding='utf-8') as file:
                store[name] = json.load(file)
    for schema in list(store.values()):
        if '$id' in schema:
            store[schema['$id']] = schema
    for m in found:
        if m.payload is None:
            continue
        kind = m.path[-1]
        name = next((n for n in (m.path[0] + '-' + kind + '.json', kind + '.json')
                     if n in store), None)
        check(name, 'no schema for %s' % m.topic)
        if name not in validators:
            resolver = jsonschema.RefResolver('file://' + folder + '/' + name, store[name], store)
            validators[name] = jsonschema.Draft202012Validator(store[name], resolver=resolver)
        for error in validators[name].iter_errors(m.payload):
            check(False, '%s: %s: %s' % (m.topic, error.message, m.text[:400]))


def check_events(found, uncounted=()):
    """What is promised about events: none is missing except cues that were too late, they are in
    order for each athlete, and an id stands for one thing. uncounted: sequence numbers of cues
    whose loss no stats can count."""
    seqs, bodies, last = set(), {}, {}
    for m in found:
        if m.payload is None or 'seq' not in m.payload or m.is_retained:
            continue
        seq = m.payload['seq']
        body = {k: v for k, v in m.payload.items() if k != 'late_ms'}
        key = (m.topic, m.payload.get('id'), m.payload.get('rev'), seq)
        check(bodies.setdefault(key, body) == body, 'two events with one identity: %s' % m.text)
        if seq in seqs:
            continue
        seqs.add(seq)
        owner = m.path[1]
        check(seq > last.get(owner, -1), 'out of order for %s: %s' % (owner, m.text))
        last[owner] = seq
    if seqs:
        # A cue is useful for 5 s: one that was held back longer is dropped and counted.
        stats = of_kind(found, 'stats')
        expired = stats[-1].payload['outbox_expired'] if stats else 0
        missing = sorted(set(range(min(seqs), max(seqs) + 1)) - seqs - set(uncounted))
        check(len(missing) <= expired, 'events missing: seq %s' % missing)
    identities = {}
    for topic, identity, rev, seq in bodies:
        if identity is not None and rev is not None:
            check(identities.setdefault((identity, rev), seq) == seq,
                  'id %s rev %s twice' % (identity, rev))
    return len(seqs)


def check_clean(found, uncounted=()):
    """Every run must have an online and an offline status, valid payloads, and no lost event."""
    states = [m.payload['state'] for m in found
              if m.path[0] == 'gateway' and m.path[-1] == 'status' and m.payload]
    check(states and states[0] == 'online', 'not online first: %s' % states)
    check(states[-1] == 'offline', 'not offline at the end: %s' % states)
    check_schemas(found)
    return check_events(found, uncounted)


def check_all_pops(events, address, expected):
    """Every pop of the wearable was received at least once, by its sequence number."""
    got = {}
    for t, value, _ in notifications(events, address, 5):
        got.setdefault(value[0] | value[1] << 8, []).append(value[19] & 0x80)
    check(set(range(1, expected + 1)) <= set(got),
          'pops not received: %s' % sorted(set(range(1, expected + 1)) - set(got)))
    return got
