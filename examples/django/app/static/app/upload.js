// Asks Django for a place, puts the recording straight into S3, and goes to its page.
const form = document.getElementById('upload');
const message = document.getElementById('message');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const file = document.getElementById('file').files[0];
  message.textContent = 'Uploading …';
  try {
    const body = new FormData(form);
    body.set('size', file.size);
    body.set('extension', file.name.split('.').pop().toLowerCase());
    const created = await fetch(form.action, { method: 'POST', body });
    // Whoever is logged out is sent to a page, and who logged in elsewhere is refused with one.
    if (!isJson(created) && created.status < 500) return askToLoadAgain();
    if (!isJson(created)) throw new Error(`The server failed (${created.status}).`);
    const place = await created.json();
    if (!created.ok) throw new Error(place.error);
    const { url, method, headers } = place.upload;
    const put = await fetch(url, { method, headers, body: file });
    if (!put.ok) throw new Error(`The upload was refused (${put.status}).`);
    location.assign(place.page);
  } catch (error) {
    message.textContent = `${error.message} Please try again.`;
  }
});

function isJson(response) {
  return (response.headers.get('content-type') ?? '').includes('json');
}

function askToLoadAgain() {
  const link = document.createElement('a');
  link.href = location.href;
  link.textContent = 'Load it again';
  message.replaceChildren(
    'You are logged out, or this page is too old. Nothing was uploaded. ',
    link,
    ' and choose your recording once more.',
  );
}
