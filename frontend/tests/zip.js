/** A ZIP of texts, each as it is: enough to hand one in. */

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

const short = (number) => Buffer.from([number & 255, number >> 8]);
const long = (number) => Buffer.from([number & 255, (number >> 8) & 255, (number >> 16) & 255, number >>> 24]);

/** @param {Record<string, string>} files path and text of each */
export function zip(files) {
  const members = [];
  const directory = [];
  let place = 0;
  for (const [path, text] of Object.entries(files)) {
    const [name, content] = [Buffer.from(path), Buffer.from(text)];
    // Version 2.0, names in UTF-8, not packed, no time.
    const about = [short(20), short(0x800), short(0), short(0), short(0x21), long(crc32(content)), long(content.length), long(content.length), short(name.length), short(0)];
    const member = Buffer.concat([Buffer.from("PK\x03\x04"), ...about, name, content]);
    directory.push(Buffer.from("PK\x01\x02"), short(20), ...about, short(0), short(0), short(0), long(0), long(place), name);
    members.push(member);
    place += member.length;
  }
  const list = Buffer.concat(directory);
  const count = short(members.length);
  const end = [Buffer.from("PK\x05\x06"), short(0), short(0), count, count, long(list.length), long(place), short(0)];
  return Buffer.concat([...members, list, ...end]);
}
