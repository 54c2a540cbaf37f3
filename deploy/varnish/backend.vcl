# Where Newsroom listens. A backend of its own for each machine, with a director, where there are several.
backend newsroom {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 10s;
    .max_connections = 100;
    .probe = {
        .request =
            "GET /health/ready HTTP/1.1"
            "Host: news.example.org"
            "Connection: close";
        .interval = 5s;
        .timeout = 3s;
        .threshold = 2;
        .window = 4;
        .initial = 2;
    }
}
