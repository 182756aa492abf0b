from django.apps import AppConfig


class ChatbotAdapterConfig(AppConfig):
    name = "chatbot_adapter"
