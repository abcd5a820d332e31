#!/usr/bin/env node
// A second, independent verifier of a Veche journal. It shares no line with the program it checks; it was written
// from the standards: RFC 6962 (Merkle trees), RFC 8785 (canonical JSON), RFC 8032 (Ed25519), RFC 2104 (HMAC),
// C2SP signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature, and docs/journal.md (receipts).
//
//   node tools/verify.mjs URL [--receipt FILE]... [--state FILE] [--quick] [--full] [--offline]
//
// Needs Node 18 or newer and nothing else. Exit codes: 0 all proven, 1 something is wrong or missing, 2 not checked.
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify as checkSignature } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

const WIDTH = 256, HASH = 32, PLAIN = 1, COSIGNING = 4, GRACE_S = 60, TIMEOUT_MS = 30_000, MOST = 1 << 26;
class Unreachable extends Error {}
class Absent extends Error {}

// ---- What is found ----
let isWrong = false;
const proven = (text) => console.log(`✓ ${text}`);
const noted = (text) => console.log(`· ${text}`);
const wrong = (text) => { isWrong = true; console.log(`✗ ${text}`); return false; };
const when = (moment) => new Date(moment).toISOString().replace("T", " ").replace("Z", " UTC");

// ---- Bytes ----
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const same = (a, b) => a.length === b.length && timingSafeEqual(a, b);
function base64(text) {
  const bytes = Buffer.from(String(text), "base64");
  if (bytes.toString("base64") !== text) throw new Error("no base64");
  return bytes;
}
function hashOf(text) {
  const bytes = base64(text);
  if (bytes.length !== HASH) throw new Error("no hash");
  return bytes;
}

// ---- Canonical JSON (RFC 8785): JavaScript's own numbers and order of names are those of the standard ----
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object")
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  return JSON.stringify(value);
}
const commitment = (salt, name, value) =>
  createHmac("sha256", salt).update(`${name}\0${canonical(value)}`).digest("hex");

// ---- Merkle trees (RFC 6962, section 2.1) ----
const EMPTY = sha256("");
const leafHash = (entry) => sha256(Buffer.from([0]), entry);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);
function half(n) {                       // the largest power of two smaller than n
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
// MTH(D[from:to]), where `complete(from, width)` answers for whole subtrees of 2^k leaves.
async function treeHash(from, to, complete) {
  const n = to - from;
  if (n === 0) return EMPTY;
  if (Number.isInteger(Math.log2(n)) && from % n === 0) return complete(from, n);
  const k = half(n);
  return nodeHash(await treeHash(from, from + k, complete), await treeHash(from + k, to, complete));
}
async function inclusionPath(m, from, to, complete) {    // PATH(m, D[n])
  const n = to - from;
  if (n === 1) return [];
  const k = half(n);
  return m < k
    ? [...(await inclusionPath(m, from, from + k, complete)), await treeHash(from + k, to, complete)]
    : [...(await inclusionPath(m - k, from + k, to, complete)), await treeHash(from, from + k, complete)];
}
function rootFromPath(leaf, m, n, path) {                // the same recursion, climbed with a proof in hand
  const rest = [...path];
  const climb = (m, n) => {
    if (n === 1) return leaf;
    const k = half(n);
    const below = m < k ? climb(m, k) : climb(m - k, n - k);
    if (!rest.length) throw new Error("the proof is too short");
    const other = rest.shift();
    return m < k ? nodeHash(below, other) : nodeHash(other, below);
  };
  if (!(Number.isInteger(m) && m >= 0 && m < n)) throw new Error("no such line");
  const root = climb(m, n);
  if (rest.length) throw new Error("the proof is too long");
  return root;
}
async function consistencyPath(m, from, to, whole, complete) {   // SUBPROOF(m, D[n], b)
  const n = to - from;
  if (m === n) return whole ? [] : [await treeHash(from, to, complete)];
  const k = half(n);
  return m <= k
    ? [...(await consistencyPath(m, from, from + k, whole, complete)), await treeHash(from + k, to, complete)]
    : [...(await consistencyPath(m - k, from + k, to, false, complete)), await treeHash(from, from + k, complete)];
}
function rootsFromConsistency(m, n, oldRoot, path) {      // both roots that the proof leads to
  const rest = [...path];
  const next = () => { if (!rest.length) throw new Error("the proof is too short"); return rest.shift(); };
  const climb = (m, n, whole) => {
    if (m === n) { const one = whole ? oldRoot : next(); return [one, one]; }
    const k = half(n);
    if (m <= k) { const [a, b] = climb(m, k, whole); return [a, nodeHash(b, next())]; }
    const [a, b] = climb(m - k, n - k, false), left = next();
    return [nodeHash(left, a), nodeHash(left, b)];
  };
  const roots = climb(m, n, true);
  if (rest.length) throw new Error("the proof is too long");
  return roots;
}

// ---- Signed notes and keys (C2SP signed-note) ----
function keyOf(text) {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  if (!name) throw new Error("a verifier key reads name+id+key");
  const raw = base64(encoded);
  if (raw.length !== 33 || ![PLAIN, COSIGNING].includes(raw[0])) throw new Error("the key is no Ed25519 key");
  const own = sha256(`${name}\n`, raw).subarray(0, 4);
  if (own.toString("hex") !== id) throw new Error("the key does not belong to its name and id");
  const x = raw.subarray(1).toString("base64url");
  return { text: text.trim(), name, id: own, kind: raw[0],
    key: createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }) };
}
function noteOf(content) {
  const cut = content.lastIndexOf("\n\n");
  // eslint-disable-next-line no-control-regex
  if (cut < 0 || !content.endsWith("\n") || /[\x00-\x09\x0b-\x1f]/.test(content)) throw new Error("no signed note");
  const signatures = content.slice(cut + 2, -1).split("\n").map((line) => {
    const [, name, encoded] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
    if (!name) throw new Error("no line of signature");
    const raw = base64(encoded);
    return { name, id: raw.subarray(0, 4), bytes: raw.subarray(4) };
  });
  return { content, text: content.slice(0, cut + 1), signatures };
}
function isSigned(note, key) {           // true, false, or "false" for a signature that is there and is not true
  const one = note.signatures.find((it) => it.name === key.name && same(it.id, key.id));
  if (!one) return false;
  let message = note.text, bytes = one.bytes;
  if (key.kind === COSIGNING) {
    if (bytes.length !== 72) return "false";
    message = `cosignature/v1\ntime ${bytes.readBigUInt64BE(0)}\n${note.text}`;
    bytes = bytes.subarray(8);
  }
  return checkSignature(null, Buffer.from(message), key.key, bytes) || "false";
}
function checkpointOf(note) {            // C2SP tlog-checkpoint
  const [origin, size, root, ...more] = note.text.split("\n");
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size) || !more.length) throw new Error("no checkpoint");
  return { origin, size: Number(size), root: hashOf(root) };
}

// ---- The deployment, over HTTP ----
async function get(path) {
  let why = "";
  for (let turn = 0; turn < 3; turn++) {
    if (turn) await new Promise((done) => setTimeout(done, 500 * turn));
    let response;
    try {
      response = await fetch(base + path, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status === 404 || response.status === 410) { await response.arrayBuffer(); return null; }
      if ([429, 502, 503, 504].includes(response.status)) { why = `it answers ${response.status}`; continue; }
      if (!response.ok) throw new Unreachable(`${base}${path} answers ${response.status}`);
      const parts = [];
      let total = 0;
      for await (const part of response.body) {
        parts.push(part);
        if ((total += part.length) > MOST) throw new Unreachable(`${base}${path} answers without end`);
      }
      return Buffer.concat(parts);
    } catch (error) {
      if (error instanceof Unreachable) throw error;
      why = error.cause?.message ?? error.message;
    }
  }
  throw new Unreachable(`${base} does not answer: ${why}`);
}

// ---- Tiles (C2SP tlog-tiles) ----
function tilePath(level, index, width) {
  const digits = String(index), padded = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = padded.match(/\d{3}/g);
  return [level, ...groups.slice(0, -1).map((one) => `x${one}`), groups.at(-1)].join("/")
    + (width < WIDTH ? `.p/${width}` : "");
}
class Log {
  constructor(size) { this.size = size; this.tiles = new Map(); }
  width(level, index) { return Math.min(WIDTH, Math.floor(this.size / WIDTH ** level) - index * WIDTH); }
  async file(level, index, width) {
    const path = `/journal/tile/${tilePath(level, index, width)}`;
    const content = (await get(path)) ?? (width < WIDTH ? await get(`/journal/tile/${tilePath(level, index, WIDTH)}`) : null);
    if (content === null) throw new Absent(path);
    return [path, content];
  }
  async hashes(level, index) {
    const name = `${level}/${index}`;
    if (!this.tiles.has(name)) {
      const width = this.width(level, index), [path, content] = await this.file(level, index, width);
      if (content.length < width * HASH) throw new Absent(path);
      this.tiles.set(name, Array.from({ length: width }, (_, at) => content.subarray(at * HASH, (at + 1) * HASH)));
    }
    return this.tiles.get(name);
  }
  async entries(index) {
    const width = this.width(0, index), [path, content] = await this.file("entries", index, width), found = [];
    for (let at = 0; found.length < width;) {
      if (at + 2 > content.length) throw new Absent(path);
      const end = at + 2 + content.readUInt16BE(at);
      if (end > content.length) throw new Absent(path);
      found.push(content.subarray(at + 2, end));
      at = end;
    }
    return found;
  }
  // A complete subtree out of tiles: eight levels of the tree to a level of tiles.
  complete = async (from, n) => {
    let level = Math.floor(Math.log2(n) / 8);
    const unit = WIDTH ** level, count = n / unit, first = from / unit, index = Math.floor(first / WIDTH);
    let row = (await this.hashes(level, index)).slice(first - index * WIDTH, first - index * WIDTH + count);
    if (row.length < count) throw new Absent(`tile/${level}/${index}`);
    while (row.length > 1) row = Array.from({ length: row.length / 2 }, (_, at) => nodeHash(row[2 * at], row[2 * at + 1]));
    return row[0];
  };
}

// ---- The checks ----
const millisOf = (id) => parseInt(id.replaceAll("-", "").slice(0, 12), 16);   // the time in a UUIDv7

async function checkGrowth(memory, now, log) {
  const old = checkpointOf(noteOf(memory.checkpoint)), since = when(memory.seen_at);
  if (now.size < old.size)
    return wrong(`On ${since} the log had ${old.size} lines, and it signed for them; now it shows ${now.size}. Lines that are gone: ${old.size - now.size}.`);
  if (now.size === old.size)
    return same(now.root, old.root) || wrong(`On ${since} the log signed for other ${now.size} lines than now: there are two histories.`);
  let holds = old.size === 0 && same(old.root, EMPTY);
  try {
    if (old.size) {
      const path = await consistencyPath(old.size, 0, now.size, true, log.complete);
      const [before, after] = rootsFromConsistency(old.size, now.size, old.root, path);
      holds = same(before, old.root) && same(after, now.root);
    }
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    return wrong(`A file of the log is missing or cut off: ${error.message}.`);
  }
  if (!holds) return wrong(`The ${old.size} lines that the log signed for on ${since} are not the beginning of the ${now.size} lines it shows now.`);
  proven(`The ${old.size} lines seen on ${since} are all there, unchanged; ${now.size - old.size} were added since.`);
  return true;
}
async function checkLines(checkpoint, log, start, leaves) {
  let good = true;
  const first = Math.floor(start / WIDTH), hashes = new Map();
  for (let index = first; index * WIDTH < checkpoint.size; index++) {
    try {
      const served = await log.hashes(0, index);
      const own = (await log.entries(index)).map((entry, at) => {
        const line = index * WIDTH + at + 1;
        try {
          const fact = JSON.parse(entry.toString());
          if (canonical(fact) !== entry.toString() || !fact.id) throw new Error();
          if (millisOf(fact.id) > Date.now() + GRACE_S * 1000) good = wrong(`Line ${line} says that it was recorded in the future.`);
        } catch { good = wrong(`Line ${line} is no canonical fact.`); }
        const leaf = leafHash(entry);
        if (!same(leaf, served[at])) good = wrong(`Line ${line} is not the line that the log signed for.`);
        leaves.set(leaf.toString("hex"), line - 1);
        hashes.set(line - 1, leaf);
        return leaf;
      });
      if (own.length !== log.width(0, index)) good = wrong(`Lines of bundle ${index} are missing.`);
    } catch (error) {
      if (!(error instanceof Absent)) throw error;
      good = wrong(`A file of the log is missing or cut off: ${error.message}.`);
    }
  }
  if (!good) return false;
  const complete = async (from, n) => {                     // what was read is computed, what was not is taken from tiles
    if (from + n <= first * WIDTH) return log.complete(from, n);
    if (n === 1) return hashes.get(from);
    return nodeHash(await complete(from, n / 2), await complete(from + n / 2, n / 2));
  };
  const root = await treeHash(0, checkpoint.size, complete);
  if (!same(root, checkpoint.root)) return wrong("The lines of the log do not come out at the root that it signed.");
  if (start === 0) {                                        // and the tiles above them must say the same
    log.tiles.clear();
    if (!same(await treeHash(0, checkpoint.size, log.complete), checkpoint.root)) return wrong("A tile of the log was altered.");
  }
  proven(`All ${checkpoint.size - first * WIDTH} lines that were read come out at the root that the log signed.`);
  return true;
}
function checkReceipt(file, content, trusted) {
  const need = (holds, why) => { if (!holds) throw new Error(why); };
  try {
    const receipt = JSON.parse(content), key = keyOf(receipt.key);
    need(!trusted || trusted.text === key.text, "it is signed with another key than that of the log");
    const entry = base64(receipt.entry), leaf = leafHash(entry), fact = JSON.parse(entry.toString());
    need(canonical(fact) === entry.toString(), "the line is not canonical");
    need(same(leaf, hashOf(receipt.leaf_hash)), "the line does not have the fingerprint");
    need(canonical(fact) === canonical(receipt.fact), "the fact shown is not that of the line");
    const note = noteOf(receipt.promise);
    need(isSigned(note, key) === true, "the promise is not signed with the key of the log");
    const [kind, origin, id, promised, at, delay, end] = note.text.split("\n");
    need(kind === "veche-promise/v1" && origin === key.name && end === "", "this is no promise of the log");
    need(id === fact.id && same(hashOf(promised), leaf), "another line was promised");
    need(Math.abs(Date.parse(at) - millisOf(id)) < GRACE_S * 1000, "the promise is of another time");
    let place = null;
    if (receipt.position !== null) {
      const signed = noteOf(receipt.checkpoint), checkpoint = checkpointOf(signed);
      need(isSigned(signed, key) === true && checkpoint.origin === key.name, "the checkpoint is not signed by the log");
      const root = rootFromPath(leaf, receipt.position, checkpoint.size, receipt.proof.map(hashOf));
      need(same(root, checkpoint.root), "the proof does not lead from the line to the root");
      place = receipt.position;
    }
    for (const [name, one] of Object.entries(receipt.openings))
      need(commitment(base64(one.salt), name, one.value) === fact.private[name], `what is shown as ${name} is not what was committed to`);
    proven(`${file}: the log ${origin} signed on ${when(at)} that it has recorded ${fact.kind} of ${fact.subject}${place === null ? "" : `; it is line ${place + 1}, proven`}.`);
    if (!trusted) noted(`${file}: the key ${key.text} was taken from the receipt itself. Compare it with the one you know.`);
    return { file, code: receipt.code, leaf, place, at, due: Date.parse(at) + (Number(delay) + GRACE_S) * 1000 };
  } catch (error) {
    wrong(`${file}: the receipt proves nothing: ${error.message}.`);
    return null;
  }
}
async function checkStanding(one, checkpoint, log, leaves) {
  const served = JSON.parse((await get(`/receipts/${encodeURIComponent(one.code)}.json`)) ?? "{}");
  for (const place of [one.place, served.position, leaves.get(one.leaf.toString("hex"))]) {
    if (!Number.isInteger(place) || place < 0 || place >= checkpoint.size) continue;
    try {
      const path = await inclusionPath(place, 0, checkpoint.size, log.complete);
      const entry = (await log.entries(Math.floor(place / WIDTH)))[place % WIDTH];
      if (same(leafHash(entry), one.leaf) && same(rootFromPath(one.leaf, place, checkpoint.size, path), checkpoint.root))
        return proven(`${one.file}: the line stands in the log now, as line ${place + 1} of ${checkpoint.size}.`);
    } catch (error) { if (!(error instanceof Absent)) throw error; }
  }
  if (one.place !== null) return wrong(`${one.file}: it was line ${one.place + 1} of the log, proven by a signed checkpoint, and it is not there any more.`);
  if (Date.now() <= one.due) return noted(`${one.file}: the line is not in the log yet; it may wait until ${when(one.due)}.`);
  return wrong(`${one.file}: promised on ${when(one.at)} by a signature, due by ${when(one.due)}, and not there. The receipt proves that it was acknowledged.`);
}

// ---- One verification ----
async function main(options) {
  const memory = options.state && existsSync(options.state) ? JSON.parse(readFileSync(options.state, "utf8")) : null;
  if (memory && isSigned(noteOf(memory.checkpoint), keyOf(memory.key)) !== true) throw new Unreachable("the state file is not what a verifier wrote");
  let key = memory ? keyOf(memory.key) : null;
  const files = options.receipts.flatMap((path) =>
    statSync(path).isDirectory() ? readdirSync(path).filter((it) => it.endsWith(".json")).sort().map((it) => join(path, it)) : [path]);
  const receipts = () => files.map((path) => checkReceipt(basename(path), readFileSync(path, "utf8"), key)).filter(Boolean);
  if (options.offline) return void receipts();

  const about = JSON.parse((await get("/journal/about.json")) ?? "null");
  if (!about?.key) return void wrong("The deployment does not say who its log is.");
  const shown = keyOf(about.key);
  let believed = true;
  if (memory && shown.text !== memory.key) believed = wrong(`The key of the log is another one than on ${when(memory.first_seen_at)}: it was ${memory.key}, now ${shown.text} is shown.`);
  const names = about.witnesses.map((it) => it.key);
  if (memory && (String([...names].sort()) !== String([...memory.witnesses].sort()) || about.witnesses_needed < memory.witnesses_needed))
    believed = wrong(`The log names other witnesses than on ${when(memory.first_seen_at)}, or asks for fewer of them.`);
  key ??= shown;

  const content = await get("/journal/checkpoint");
  if (content === null) { wrong("The log shows no checkpoint."); return void receipts(); }
  let note, checkpoint;
  try { note = noteOf(content.toString()); checkpoint = checkpointOf(note); } catch (error) {
    wrong(`The checkpoint cannot be read: ${error.message}.`);
    return void receipts();
  }
  if (isSigned(note, key) !== true) { wrong(`The checkpoint is not signed with the key of the log, ${key.text}.`); return void receipts(); }
  if (checkpoint.origin !== key.name) return void wrong(`The checkpoint is of another log: ${checkpoint.origin}.`);
  proven(`The checkpoint is signed by the log ${checkpoint.origin}: ${checkpoint.size} lines.`);

  let count = 0;
  for (const { name, key: vkey } of about.witnesses) {
    const signed = isSigned(note, keyOf(vkey));
    if (signed === true) { count++; proven(`The witness ${name} has signed it.`); }
    else if (signed === "false") wrong(`The signature of the witness ${name} is false.`);
    else noted(`The witness ${name} has not signed this checkpoint.`);
  }
  if (count < about.witnesses_needed) wrong(`Witnesses that must sign: ${about.witnesses_needed}. Witnesses that did: ${count}.`);

  const log = new Log(checkpoint.size), leaves = new Map();
  const grown = memory ? await checkGrowth(memory, checkpoint, log) : true;
  const start = memory && !options.full ? Math.min(checkpointOf(noteOf(memory.checkpoint)).size, checkpoint.size) : 0;
  const whole = options.quick || (await checkLines(checkpoint, log, start, leaves));
  for (const one of receipts()) await checkStanding(one, checkpoint, log, leaves);

  if (options.state && believed && grown && whole) {
    const now = new Date().toISOString(), part = `${options.state}.${process.pid}.part`;
    mkdirSync(dirname(options.state), { recursive: true });
    writeFileSync(part, JSON.stringify({ v: 1, origin: key.name, key: key.text, witnesses: names,
      witnesses_needed: about.witnesses_needed, checkpoint: note.content, seen_at: now,
      first_seen_at: memory?.first_seen_at ?? now }, null, 1) + "\n");
    renameSync(part, options.state);
  } else if (options.state && memory) {
    writeFileSync(`${options.state}.${Date.now()}.evidence`, `${memory.checkpoint}\n----\n${note.content}`);
  }
}

const options = { receipts: [], state: "", quick: false, full: false, offline: false };
const words = process.argv.slice(2);
let base = "";
while (words.length) {
  const word = words.shift();
  if (word === "--receipt") options.receipts.push(words.shift());
  else if (word === "--state") options.state = words.shift();
  else if (["--quick", "--full", "--offline"].includes(word)) options[word.slice(2)] = true;
  else base = word.replace(/\/+$/, "");
}
if (!/^https?:\/\/[^/@?#]+/.test(base)) {
  console.error("usage: node tools/verify.mjs URL [--receipt FILE]... [--state FILE] [--quick] [--full] [--offline]");
  process.exit(2);
}
try {
  await main(options);
  process.exitCode = isWrong ? 1 : 0;
} catch (error) {
  console.error(`verify: ${error.message}`);
  process.exitCode = 2;
}
