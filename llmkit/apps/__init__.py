"""Applications to use what the course builds: a chat and a spam checker, pages made with Gradio (the extra `apps`)."""
