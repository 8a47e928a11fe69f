FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BACYEN_STATE=/var/lib/bacyen
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
RUN useradd --system --home-dir /var/lib/bacyen --create-home bacyen
COPY . .
USER bacyen
VOLUME /var/lib/bacyen
EXPOSE 8000
CMD ["sh", "-c", "python -m bacyen.prepare && exec gunicorn -c python:bacyen.web_server --bind 0.0.0.0:8000 bacyen.wsgi"]
