export function drawPicture() { return undefined; }
