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
