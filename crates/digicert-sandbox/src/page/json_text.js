// JSON as text: indented for reading, with every number and string as it was sent. Reading it into
// JavaScript and writing it again would turn 218.00 into 218. What the request log has cut or
// redacted is no JSON any more and is indented as well.

const TOKEN = /\[redacted\]|"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The text with line breaks and indentation, if it begins like JSON. */
export function indented(text) {
  if (!/^\s*[{[]\s*["{}[\]\d]/.test(text)) return text;
  let result = "";
  let depth = 0;
  const line = () => "\n" + "  ".repeat(Math.max(depth, 0));
  const tokens = text.match(TOKEN) ?? [];
  tokens.forEach((token, index) => {
    if (isOpen(token)) {
      depth += 1;
      result += token + (isClose(tokens[index + 1]) ? "" : line());
    } else if (isClose(token)) {
      depth -= 1;
      result += (isOpen(tokens[index - 1]) ? "" : line()) + token;
    } else if (token === ",") {
      result += token + line();
    } else {
      result += token === ":" ? ": " : token;
    }
  });
  return result;
}

function isOpen(token) {
  return token === "{" || token === "[";
}

function isClose(token) {
  return token === "}" || token === "]";
}
